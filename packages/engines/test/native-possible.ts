import { defaultCacheDir } from '../src/cache.ts'
import { requireTools } from '../src/missing-tools.ts'

/**
 * Whether this machine can run the engines without Docker. Where only Docker can, nobody ever
 * starts them natively, and the tests of that way have nothing to look at.
 */
export async function isNativePossible(): Promise<boolean> {
  return requireTools(['kafka', 'mongodb', 'registry'], defaultCacheDir()).then(
    () => true,
    () => false,
  )
}
