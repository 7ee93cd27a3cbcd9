/** Settings alone, for programs that start often and need neither HTTP nor logs. */

export { mongodbOptions } from './mongodb-options.ts'
export {
  type Declarations,
  readSettings,
  type SettingFault,
  type Values,
} from './read-settings.ts'
export type { Setting } from './setting.ts'
export * as setting from './setting.ts'
export {
  appSecrets,
  identitySettings,
  kafkaSettings,
  metaSettings,
  modeSettings,
  mongodbSettings,
  pepperKey,
} from './shared-settings.ts'
export { unsafeSettings } from './unsafe-settings.ts'
