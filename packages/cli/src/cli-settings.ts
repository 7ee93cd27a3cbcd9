import { identitySettings, kafkaSettings, modeSettings, setting } from '@otn/runtime/settings'

/** Settings of the command line itself, beside those it shares with the services. */
const apiKey = setting.secret({
  env: 'OTN_API_KEY',
  sentence: 'Bearer key for the HTTP APIs; its holder is in OTN_API_KEYS_FILE of the services.',
})

const http = ['http:', 'https:']

export const ledgerSettings = {
  url: setting.url({
    env: 'OTN_LEDGER_URL',
    protocols: http,
    example: 'http://token-ledger:8080',
    sentence: 'Where the token-ledger answers.',
  }),
  apiKey,
} as const

export const dispatcherSettings = {
  url: setting.url({
    env: 'OTN_DISPATCHER_URL',
    protocols: http,
    example: 'http://dispatcher:8080',
    sentence: 'Where the dispatcher answers.',
  }),
  apiKey,
} as const

export const pagesSettings = {
  url: setting.url({
    env: 'OTN_PAGES_URL',
    protocols: http,
    example: 'http://page-registry:8080',
    sentence: 'Where the page registry answers.',
  }),
  apiKey,
} as const

const ingressUrl = {
  url: setting.url({
    env: 'OTN_INGRESS_URL',
    protocols: http,
    example: 'http://ingress:8080',
    sentence: 'Where the ingress takes webhooks.',
  }),
} as const

export const ingressHealthSettings = { ...ingressUrl, apiKey } as const

export const ingressSettings = {
  ...ingressUrl,
  appSecret: setting.secret({
    env: 'META_APP_SECRET',
    sentence: 'App secrets, newest first, separated by commas; the first one signs.',
  }),
} as const

export const simulatorSettings = {
  url: setting.url({
    env: 'OTN_SIMULATOR_URL',
    protocols: http,
    example: 'http://127.0.0.1:8090',
    sentence: 'Control address of the stand-in for Meta, where one runs.',
  }),
} as const

export const logSettings = { ...kafkaSettings } as const
export const safetySettings = { mode: modeSettings.mode, clockUrl: modeSettings.clockUrl } as const
export const pepperSettings = { personPepper: identitySettings.personPepper } as const
export const sealingSettings = { ...identitySettings } as const
