import { expect, test } from 'vitest'
import { inodesOf } from './port-owner.ts'

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  inode
   0: 0100007F:3A98 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0
   1: 0100007F:3A98 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 222 1 0
   2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1 0
`

test('a port belongs to the socket that listens on it, not to its connections', () => {
  expect(inodesOf(TABLE, 15_000)).toEqual(['111'])
})

test('a small port is found although the table writes four digits', () => {
  expect(inodesOf(TABLE, 80)).toEqual(['333'])
})

test('a port without a listener belongs to nobody', () => {
  expect(inodesOf(TABLE, 50_000)).toEqual([])
})
