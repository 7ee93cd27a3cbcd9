/** Settings that only the doctor reads here; services declare them as well. */
import { metaSettings, mongodbSettings, setting } from '@otn/runtime/settings'

export { mongodbSettings }

/** Our app at the platform, and where the platform is. */
export const platformSettings = {
  ...metaSettings,
  graphBaseUrl: setting.url({
    env: 'GRAPH_BASE_URL',
    protocols: ['http:', 'https:'],
    default: 'https://graph.facebook.com',
    sentence: 'Where the Graph API answers.',
  }),
  graphVersion: setting.text({
    env: 'GRAPH_VERSION',
    pattern: /^v\d{1,3}\.\d{1,2}$/,
    default: 'v21.0',
    sentence: 'Version of the Graph API.',
  }),
} as const
