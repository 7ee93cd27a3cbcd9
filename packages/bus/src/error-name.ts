/**
 * Names an error for a log line: kafkajs' protocol code where there is one, else its class. The
 * message stays out, for it may quote what was sent.
 */
export function errorName(error: unknown): string {
  const root = rootOf(error)
  if (typeof root !== 'object' || root === null) return typeof root
  if ('type' in root && typeof root.type === 'string') return root.type
  if ('code' in root && typeof root.code === 'string') return root.code
  return 'name' in root && typeof root.name === 'string' ? root.name : 'Error'
}

/** The cause at the bottom, where kafkajs keeps the broker's own answer. */
function rootOf(error: unknown): unknown {
  let root = error
  while (root instanceof Error && root.cause !== undefined) root = root.cause
  return root
}
