/** Tells the simulator where webhooks go, once the ingress answers the handshake. */
const { SIMULATOR_URL: url, CALLBACK_URL: callbackUrl } = process.env
const TRIES_MAX = 60

for (let tries = 1; ; tries += 1) {
  const answer = await fetch(`${url}/_sim/webhook`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ callbackUrl }),
  }).catch(() => null)
  if (answer?.ok) break
  if (tries === TRIES_MAX) throw new Error('the ingress does not answer the handshake')
  await new Promise((resolve) => setTimeout(resolve, 1_000))
}
