import { createSecretKey } from 'node:crypto'
import { createIdentity } from '@otn/vault'

export const PEPPER = 'test-pepper'
export const MASTER_KEY = `key-1:${Buffer.alloc(32, 7).toString('base64')}`

export const identity = createIdentity(createSecretKey(Buffer.from(PEPPER)))
