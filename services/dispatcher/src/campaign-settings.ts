import { setting } from '@otn/runtime'

export const campaignSettings = {
  campaignWindow: setting.integer({
    env: 'DISPATCHER_CAMPAIGN_WINDOW',
    min: 2,
    max: 100_000,
    unit: 'notifications',
    default: '1000',
    sentence: 'Notifications of one campaign that are recorded and not called yet, at most.',
  }),
} as const
