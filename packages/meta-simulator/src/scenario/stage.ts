import type { Control } from '../control/control.ts'

/** What a player needs of a simulator. The control itself is one, and so is its HTTP side. */
type Played =
  | 'addPeople'
  | 'ask'
  | 'tap'
  | 'act'
  | 'send'
  | 'truth'
  | 'webhook'
  | 'quiet'
  | 'registerWebhook'
  | 'subscribePages'
  | 'setWebhookWeather'
  | 'clearWebhookWeather'
  | 'addKnob'
  | 'clearKnobs'
  | 'setSwitches'
  | 'advance'
  | 'clock'

type Result<Name extends Played> = Awaited<ReturnType<Control[Name]>>

export type Stage = {
  readonly [Name in Played]: (
    ...input: Parameters<Control[Name]>
  ) => Result<Name> | Promise<Result<Name>>
} & { readonly pageIds: readonly string[] }
