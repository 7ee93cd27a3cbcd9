/** Settings alone, for programs that start often and need neither HTTP nor logs. */
export {
  type Declarations,
  readSettings,
  type SettingFault,
  type Values,
} from './read-settings.ts'
export * as setting from './setting.ts'
export { identitySettings, kafkaSettings, modeSettings, pepperKey } from './shared-settings.ts'
export { unsafeSettings } from './unsafe-settings.ts'
