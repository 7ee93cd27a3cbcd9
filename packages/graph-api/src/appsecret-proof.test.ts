import { Secret } from '@otn/kernel'
import { expect, test } from 'vitest'
import { appSecretProof } from './appsecret-proof.ts'

test('the proof is that of the published vector, so the platform accepts it', () => {
  const proof = appSecretProof({
    pageAccessToken: new Secret('PAGE_TOKEN_EXAMPLE'),
    appSecret: new Secret('test-app-secret'),
  })
  expect(proof).toBe('fadbde20d59dcd0f28b0560f6bdb585b56a3b515b50242af9483d664fc02d287')
})
