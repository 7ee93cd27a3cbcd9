import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dispatcherFaultPoints } from '@otn/dispatcher/decisions'
import { ingressFaultPoints, spoolFaultPoints } from '@otn/ingress/decisions'
import { ledgerFaultPoints } from '@otn/token-ledger/decisions'
import { expect, test } from 'vitest'

const PAGE = join(import.meta.dirname, '../../../docs/faults.md')
const SERVICES = {
  dispatcher: dispatcherFaultPoints,
  ingress: { ...ingressFaultPoints, ...spoolFaultPoints },
  'token-ledger': ledgerFaultPoints,
} as const

test('docs/faults.md names every fault point of every service, and no other', () => {
  const wanted = Object.entries(SERVICES).flatMap(([service, points]) =>
    Object.entries(points).map(([name, { step, sides, canLose, what }]) => {
      const how = [...sides, ...(canLose ? ['lose'] : [])].join(', ')
      return `| \`${name}\` | ${service} | ${step} | ${how} | ${what} |`
    }),
  )
  const [, table = ''] = readFileSync(PAGE, 'utf8').split('| point | service |')
  const rows = table.split('\n').filter((line) => line.startsWith('| `'))
  expect(rows).toEqual(wanted)
})
