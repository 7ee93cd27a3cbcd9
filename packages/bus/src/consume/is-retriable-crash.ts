import { isBrokenLogin } from '../refused-by-kafka.ts'

/**
 * kafkajs throws it as a plain error where a connection broke in the middle of being made (seen
 * with a frozen broker); its consumer takes whatever is not its own for a bug and ends.
 */
const CONNECTION_BROKE = 'Broker not connected'

/**
 * Whether another consumer may do better, as kafkajs itself judges it: its retries are used up, or
 * the broker's answer is a passing one. A wrong password is not.
 */
export function isRetriableCrash(error: Error): boolean {
  if (error.name === 'KafkaJSNumberOfRetriesExceeded') return true
  let root: unknown = error
  while (root instanceof Error && root.cause !== undefined) root = root.cause
  if (!(root instanceof Error)) return false
  if (isBrokenLogin(root)) return true
  return root.message === CONNECTION_BROKE || ('retriable' in root && root.retriable === true)
}
