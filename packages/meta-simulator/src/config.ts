/** Every setting of the start command, declared once. */
import { setting, type Values } from '@otn/runtime'

import { defaultApp, defaultPages, defaultWebhooks, type SimulatorOptions } from './options.ts'

const PORT_MAX = 65_535
/** A secret cannot be left out; no service has a key like this. */
const NO_KEY = 'none'
const pageForm = /^\d{1,20}=[^;]+(;\d{1,20}=[^;]+)*$/

export const simulatorSettings = {
  logLevel: setting.choice({
    env: 'OTN_LOG_LEVEL',
    of: ['fatal', 'error', 'warn', 'info', 'debug', 'silent'],
    default: 'info',
    sentence: 'Lowest level that is logged.',
  }),
  host: setting.text({
    env: 'SIMULATOR_HOST',
    default: '127.0.0.1',
    sentence: 'Address that both sides listen on.',
  }),
  port: setting.integer({
    env: 'SIMULATOR_PORT',
    min: 0,
    max: PORT_MAX,
    default: '0',
    sentence: 'Port of the control side; 0 takes a free one.',
  }),
  graphPort: setting.integer({
    env: 'SIMULATOR_GRAPH_PORT',
    min: 0,
    max: PORT_MAX,
    default: '0',
    sentence: 'Port of the Graph side; 0 takes a free one.',
  }),
  seed: setting.optionalText({
    env: 'SIMULATOR_SEED',
    sentence: 'Equal seeds and calls give equal ids; random where it is left out.',
  }),
  appId: setting.text({
    env: 'META_APP_ID',
    pattern: /^\d{1,16}$/,
    default: defaultApp.appId,
    sentence: 'App that echoes name and webhooks belong to.',
  }),
  appSecret: setting.secret({
    env: 'META_APP_SECRET',
    default: defaultApp.appSecret,
    sentence: 'Key of every signature; of several, separated by commas, the first signs.',
  }),
  verifyToken: setting.secret({
    env: 'META_VERIFY_TOKEN',
    default: defaultApp.verifyToken,
    sentence: 'What the callback expects in the handshake.',
  }),
  pages: setting.text({
    env: 'SIMULATOR_PAGES',
    pattern: pageForm,
    default: defaultPages.map(({ pageId, name }) => `${pageId}=${name}`).join(';'),
    sentence: 'Pages as id=name, separated by semicolons.',
  }),
  callbackUrl: setting.optionalUrl({
    env: 'SIMULATOR_CALLBACK_URL',
    protocols: ['http:', 'https:'],
    sentence: 'Where webhooks go; it must answer the handshake at the start.',
  }),
  retry: setting.choice({
    env: 'SIMULATOR_RETRY_PROFILE',
    of: ['messenger', 'graph36h'],
    default: defaultWebhooks.retry,
    sentence: 'How webhooks without a 200 are repeated.',
  }),
  retryTime: setting.choice({
    env: 'SIMULATOR_RETRY_TIME',
    of: ['simulator', 'machine'],
    default: defaultWebhooks.retryTime,
    sentence: 'Whose time passes between repeats; the simulator can jump.',
  }),
  answerTimeoutMs: setting.milliseconds({
    env: 'SIMULATOR_ANSWER_TIMEOUT_MS',
    min: 1,
    max: 60_000,
    default: String(defaultWebhooks.answerTimeoutMs),
    sentence: 'How long a callback may take to answer; 5000 and 20000 are both documented.',
  }),
  journalFile: setting.optionalText({
    env: 'SIMULATOR_JOURNAL_FILE',
    sentence: 'File that keeps people, tokens and deliveries over restarts.',
  }),
  ledgerUrl: setting.optionalUrl({
    env: 'SIMULATOR_LEDGER_URL',
    protocols: ['http:', 'https:'],
    sentence: 'Ledger that the page asks what it knows; the truth alone is shown where left out.',
  }),
  dispatcherUrl: setting.optionalUrl({
    env: 'SIMULATOR_DISPATCHER_URL',
    protocols: ['http:', 'https:'],
    sentence: 'Dispatcher that the page asks what became of commands.',
  }),
  knowledgeKey: setting.secret({
    env: 'SIMULATOR_KNOWLEDGE_API_KEY',
    default: NO_KEY,
    sentence: 'Key of both, with tokens:read and notifications:read; no browser sees it.',
  }),
} as const

/** The options that a set of settings asks for. */
export function optionsOf(values: Values<typeof simulatorSettings>): SimulatorOptions {
  const { host, port, graphPort, appId, seed, callbackUrl, journalFile } = values
  const [appSecret = '', formerAppSecret] = values.appSecret.reveal().split(',')
  return {
    host,
    port,
    graphPort,
    appId,
    appSecret,
    ...(formerAppSecret === undefined ? {} : { formerAppSecret }),
    verifyToken: values.verifyToken.reveal(),
    pages: values.pages.split(';').map(readPage),
    ...(seed === null ? {} : { seed }),
    ...(journalFile === null ? {} : { journalFile }),
    ...knowledgeOf(values),
    webhooks: {
      retry: values.retry,
      retryTime: values.retryTime,
      answerTimeoutMs: values.answerTimeoutMs,
      ...(callbackUrl === null ? {} : { callbackUrl }),
    },
  }
}

/** Both addresses or none: half of what is known would look like all of it. */
function knowledgeOf({
  ledgerUrl,
  dispatcherUrl,
  knowledgeKey,
}: Values<typeof simulatorSettings>): Pick<SimulatorOptions, 'knowledge'> {
  if (ledgerUrl === null || dispatcherUrl === null) return {}
  return { knowledge: { ledgerUrl, dispatcherUrl, apiKey: knowledgeKey.reveal() } }
}

function readPage(text: string): { readonly pageId: string; readonly name: string } {
  const at = text.indexOf('=')
  return { pageId: text.slice(0, at), name: text.slice(at + 1) }
}
