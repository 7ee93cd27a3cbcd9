import type { FastifyInstance } from 'fastify'
import type { GraphControl } from '../control/graph-control.ts'

/** Credentials, standings, owners, limits and deletion over HTTP. */
export function serveGraphControl(server: FastifyInstance, control: GraphControl): void {
  server.post<{ Body: Arg<'issueAccessToken'> }>('/_sim/access-tokens', async ({ body }) =>
    control.issueAccessToken(body),
  )
  server.post<{ Body: Arg<'changeAccessToken'> }>('/_sim/access-tokens/trouble', async (call) => {
    control.changeAccessToken(call.body)
    return {}
  })
  server.post<{ Body: Arg<'setStanding'> }>('/_sim/standing', async ({ body }) => {
    control.setStanding(body)
    return {}
  })
  server.post<{ Body: Arg<'setThreadOwner'> }>('/_sim/thread-owner', async ({ body }) => {
    control.setThreadOwner(body)
    return {}
  })
  server.post<{ Body: Arg<'addAddress'> }>('/_sim/addresses', async ({ body }) => {
    control.addAddress(body)
    return {}
  })
  server.get('/_sim/following', async () => control.following())
  server.put<{ Body: Arg<'setOtherFollowers'> }>('/_sim/following/others', async ({ body }) => {
    control.setOtherFollowers(body)
    return {}
  })
  server.get('/_sim/limits', async () => ({ limits: control.limits() }))
  server.put<{ Body: Arg<'setLimits'> }>('/_sim/limits', async ({ body }) => ({
    limits: control.setLimits(body),
  }))
  server.delete('/_sim/limits', async () => ({ limits: control.setLimits(null) }))
  server.post<{ Body: Arg<'requestDeletion'> }>('/_sim/deletion', async ({ body }) =>
    control.requestDeletion(body),
  )
}

type Arg<Name extends keyof GraphControl> = Parameters<GraphControl[Name]>[0]
