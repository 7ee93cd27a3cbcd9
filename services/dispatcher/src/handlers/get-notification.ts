import { appError } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { documentId } from '../domain/command.ts'
import type { InTime, MayCall } from '../inbox-ports.ts'
import type { Commands } from '../ports.ts'
import { notificationAnswer, notificationSchema } from './notification-answer.ts'

export interface GetNotificationParts {
  readonly commands: Pick<Commands, 'read'>
  readonly mayCall: MayCall
  readonly inTime: InTime
}

/** `GET /v1/pages/:pageId/notifications/:commandId`: what became of a command, as of now. */
export function getNotification(
  app: HttpServer,
  { commands, mayCall, inTime }: GetNotificationParts,
): void {
  const schema = {
    summary: 'What became of a command',
    tags: ['notifications'],
    params: z.object({ pageId: z.string(), commandId: z.string() }),
    response: { 200: notificationSchema },
  }
  const onRequest = mayCall('notifications:read')
  const path = '/v1/pages/:pageId/notifications/:commandId'
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get(path, { schema, onRequest }, async ({ params }) => {
    const document = await inTime(() => commands.read(documentId(params.pageId, params.commandId)))
    if (document === null) throw unknownCommand()
    return notificationAnswer(document.command)
  })
}

export function unknownCommand(): Error {
  const publicMessage = 'no command of this page has this id, or it has not been read yet'
  return appError('OTN_HTTP_NOT_FOUND', { message: 'unknown command', publicMessage })
}
