import { join } from 'node:path'

export const REPOSITORY = join(import.meta.dirname, '../../../..')

export const FOLDERS = {
  kept: join(REPOSITORY, 'infra/benchmarks/results'),
  passing: join(REPOSITORY, '.otn/bench'),
} as const
