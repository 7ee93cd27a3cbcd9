/** The flow, one file a row; a repository check sees that each file exists. */
export const flow = [
  { step: 'posted', file: 'services/ingress/src/handlers/post-webhook.ts' },
  { step: 'translated', file: 'services/ingress/src/domain/translate.ts' },
  { step: 'on the log', file: 'schemas/OptInReceived.avsc' },
  { step: 'folded', file: 'services/token-ledger/src/handlers/on-opt-in-received.ts' },
  { step: 'folded', file: 'services/token-ledger/src/domain/token.ts' },
  { step: 'asked for', file: 'services/dispatcher/src/handlers/on-notify.ts' },
  { step: 'decided', file: 'services/dispatcher/src/domain/decide.ts' },
  { step: 'carried out', file: 'services/dispatcher/src/handlers/run-lane.ts' },
  { step: 'called', file: 'packages/graph-api/src/send.ts' },
  { step: 'understood', file: 'packages/graph-api/src/classify.ts' },
  { step: 'on the log', file: 'schemas/NotificationEvent.avsc' },
  { step: 'closed', file: 'services/token-ledger/src/handlers/on-notification-event.ts' },
] as const
