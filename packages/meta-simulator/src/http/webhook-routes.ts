import type { FastifyInstance } from 'fastify'

import type { Control } from '../control/control.ts'

/** Where webhooks go, what goes wrong on the way, and who is subscribed. */
export function serveWebhooks(server: FastifyInstance, control: Control): void {
  server.get('/_sim/webhook', async () => control.webhook())
  server.put<{ Body: Arg<'registerWebhook'> }>('/_sim/webhook', async ({ body }) =>
    control.registerWebhook(body),
  )
  server.get('/_sim/webhook/settled', async () => {
    await control.settled()
    return control.webhook()
  })
  server.get('/_sim/webhook/quiet', async () => {
    await control.quiet()
    return control.webhook()
  })
  server.post<{ Body: Arg<'subscribePages'> }>('/_sim/webhook/subscribe', async ({ body }) =>
    control.subscribePages(body ?? {}),
  )
  server.post<{ Body: Arg<'unsubscribePages'> }>('/_sim/webhook/unsubscribe', async ({ body }) =>
    control.unsubscribePages(body ?? {}),
  )
  server.get('/_sim/webhook/weather', async () => control.webhookWeather())
  server.post<{ Body: Arg<'setWebhookWeather'> }>('/_sim/webhook/weather', async ({ body }) =>
    control.setWebhookWeather(body),
  )
  server.delete('/_sim/webhook/weather', async () => control.clearWebhookWeather())
  server.post<{ Body: Arg<'sendBatch'> }>('/_sim/batch', async ({ body }) =>
    control.sendBatch(body),
  )
}

/** The body of a route; the control reads it again and refuses what does not fit. */
type Arg<Name extends keyof Control> = Parameters<Control[Name]>[0]
