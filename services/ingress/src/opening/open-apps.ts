import { Secret } from '@otn/kernel'
import { appSecrets } from '@otn/runtime'
import { createAuthenticator } from '../adapters/authenticator-hmac.ts'
import { followFile } from '../adapters/follow-file.ts'
import { parseMetaApps, readMetaApps } from '../adapters/meta-apps-file.ts'
import { createVerifyToken } from '../adapters/verify-token-digest.ts'
import type { IngressValues } from '../config.ts'
import type { Authenticator, MetaApp, TellApps, VerifyToken } from '../ports.ts'

/** What the apps of this deployment prove, always by the newest file of them. */
export interface OpenApps {
  readonly authenticator: Authenticator
  readonly verifyToken: VerifyToken
  readonly serves: (appId: string) => boolean
  readonly close: () => void
}

/**
 * The one app of the settings, or those of `META_APPS_FILE`, which is read again while the ingress
 * runs: all its apps at once, between two requests. A file that is wrong changes nothing.
 * @throws OTN_CONFIG_INVALID where the file is wrong at the start
 */
export function openApps(values: IngressValues, { tell }: { readonly tell: TellApps }): OpenApps {
  const { appsFile } = values
  const read = appsFile === null ? null : readMetaApps(appsFile)
  let now = keysOf(read?.apps ?? [appOf(values)])
  const following =
    appsFile === null
      ? null
      : followFile(appsFile, {
          known: read?.text ?? '',
          everyMs: values.appsFileCheckMs,
          onText: (text) => {
            const apps = parseMetaApps(text)
            now = keysOf(apps)
            tell.appsRead(apps.map(({ appId }) => appId))
          },
          onFault: tell.appsUnusable,
        })
  return {
    authenticator: {
      signedBy: (...request) => now.authenticator.signedBy(...request),
      digest: (body) => now.authenticator.digest(body),
    },
    verifyToken: { matches: (...request) => now.verifyToken.matches(...request) },
    serves: (appId) => now.appIds.has(appId),
    close: () => following?.close(),
  }
}

function keysOf(apps: readonly MetaApp[]) {
  return {
    authenticator: createAuthenticator(apps),
    verifyToken: createVerifyToken(apps),
    appIds: new Set(apps.map(({ appId }) => appId)),
  }
}

function appOf({ appId, appSecret, verifyToken }: IngressValues): MetaApp {
  const each = (list: Secret | null) =>
    list === null ? [] : appSecrets(list.reveal()).map((part) => new Secret(part))
  return { appId: appId ?? '', appSecrets: each(appSecret), verifyTokens: each(verifyToken) }
}
