import { commandStoreConforms } from '../../test/support/command-store.conformance.ts'
import { createMemoryStore } from '../../test/support/store-memory.ts'
import { changeCommand, type DocumentAccess, settleCommand } from './change-command.ts'

/** The twin that the protocol is played on promises what the real store promises. */
commandStoreConforms('in memory', async () => {
  let machineMs = 0
  const store = createMemoryStore(() => machineMs)
  const access: DocumentAccess = {
    read: async (id) => store.read(id),
    write: async (id, step, change) => store.write(id, step, change),
    firstRevision: () => store.firstRevision(),
  }
  return {
    inbox: {
      record: async (commands) => store.record(commands),
      firstRevision: () => store.firstRevision(),
    },
    agendaOf: (worker) => ({
      takeDue: async (query) => store.takeDue(query, { leaseMs: 60_000, worker }),
    }),
    commands: {
      read: access.read,
      change: (known, decide) => changeCommand(access, known, decide),
      settle: (known, decide) => settleCommand(access, known, decide),
      changeAll: async (ids, decide) => {
        for (const id of ids) await settleCommand(access, id, (known) => decide(id, known))
      },
      holderOf: async (token) => store.holderOf(token),
    },
    pass: async (ms) => {
      machineMs += ms
    },
    empty: async () => store.empty(),
  }
})
