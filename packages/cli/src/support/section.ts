import { isAppError } from '@otn/kernel'
import { CliError } from '../exit-code.ts'

/** A part of the bundle, or in its place why it could not be read. */
export type Section<T> = T | { readonly unread: string }

const LIMIT_MS = 20_000

/** Never throws: help is asked for where things are broken, and the other parts still tell. */
export async function section<T>(read: () => Promise<T> | T): Promise<Section<T>> {
  const late = Promise.withResolvers<Section<T>>()
  const timer = setTimeout(() => {
    late.resolve({ unread: `no answer within ${LIMIT_MS / 1000} s` })
  }, LIMIT_MS)
  try {
    return await Promise.race([read(), late.promise])
  } catch (error) {
    return { unread: whyNot(error) }
  } finally {
    clearTimeout(timer)
  }
}

/** Our own errors speak for themselves; another one might quote what it was working with. */
function whyNot(error: unknown): string {
  if (isAppError(error)) return `${error.code}: ${error.message}`
  if (error instanceof CliError) return error.message
  return error instanceof Error ? error.name : 'unknown'
}
