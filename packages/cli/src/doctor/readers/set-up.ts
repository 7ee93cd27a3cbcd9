import type { SetUpClient, SetUpFault } from '@otn/graph-api'
import { Secret } from '@otn/kernel'
import { appSecrets } from '@otn/runtime/settings'
import { type Finding, toFix } from '../finding.ts'
import type { Place } from '../place.ts'
import { platformSettings } from '../settings.ts'

/** The newest app secret proves the calls. */
export function setUpClientOf({ context, engines }: Place): SetUpClient {
  const { graphBaseUrl, graphVersion, appId, appSecret } = context.read(platformSettings)
  const [newest = ''] = appSecrets(appSecret.reveal())
  const host = { baseUrl: graphBaseUrl, version: graphVersion, appId }
  return engines.setUpClient({ ...host, appSecret: new Secret(newest) })
}

/** Meaning and next step are sentences of ours; the platform's own words stay out. */
export function refusal(what: string, { meaning, next, code }: SetUpFault): Finding {
  const said = code === null ? meaning : `${meaning} (Graph code ${code})`
  return toFix(`${what}: ${said}`, next)
}
