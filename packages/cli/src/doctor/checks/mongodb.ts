import { defineCheck } from '../check.ts'
import type { MongodbHello } from '../engine-ports.ts'
import { type Finding, ok, toFix, warn } from '../finding.ts'
import { mongodbSettings } from '../settings.ts'
import { judgeSkew } from './skew.ts'

/** A majority that is further behind has most likely gone. */
const MAJORITY_LAG_MS_MAX = 10_000
const SAFE_MEMBERS = 3

const hello = {
  needs: ['stack-file'],
  settings: { of: mongodbSettings, unset: 'warn' },
} as const

export const mongodb = defineCheck({
  id: 'mongodb',
  ...hello,
  read: ({ context, engines }) => engines.askMongodb(context.read(mongodbSettings)),
  judge: judgeMongodb,
})

export const mongodbClock = defineCheck({
  id: 'mongodb-clock',
  needs: ['mongodb'],
  read: async ({ context, engines, shell }) => {
    const { localTimeMs, tookMs } = await engines.askMongodb(context.read(mongodbSettings))
    return { theirsMs: localTimeMs, oursMs: shell.nowMs(), uncertainMs: tookMs }
  },
  judge: (clocks) => judgeSkew('MongoDB', clocks),
})

export function judgeMongodb(facts: MongodbHello): readonly Finding[] {
  const { setName, isPrimary, members, majorityLagMs } = facts
  if (setName === null) {
    const sentence = 'MongoDB stands alone: without a replica set no write is a majority one'
    return [toFix(sentence, 'start mongod with --replSet, then rs.initiate()')]
  }
  if (!isPrimary) {
    const sentence = `the replica set ${setName} has no primary: nothing can be written`
    return [toFix(sentence, 'see rs.status() of MongoDB: a majority of its members must run')]
  }
  if (majorityLagMs > MAJORITY_LAG_MS_MAX) {
    const sentence = `the majority of ${setName} is ${Math.round(majorityLagMs / 1000)} s behind`
    return [toFix(sentence, 'see rs.status() of MongoDB: bring its members back')]
  }
  const said = `MongoDB answers, replica set ${setName} of ${members}, with a majority`
  if (members >= SAFE_MEMBERS) return [ok(said)]
  return [warn(`${said}; nobody stands in when it stops`, 'three members, for production')]
}
