import type { WebhookWeather } from '../domain/webhook-weather.ts'

/** Whether an answer counts as received. No answer never does. */
export function isReceived(
  status: number | null,
  { receivedBy }: Pick<WebhookWeather, 'receivedBy'>,
): boolean {
  if (status === null) return false
  if (receivedBy === 'only-200') return status === 200
  return status >= 200 && status < (receivedBy === 'any-2xx' ? 300 : 400)
}
