import { isAppError } from '@otn/kernel'

const ATTEMPTS = 3

/** Does it anew where somebody else wrote meanwhile. @throws OTN_STORE_CONFLICT if that goes on */
export async function againOnConflict<T>(act: () => Promise<T>): Promise<T> {
  for (let left = ATTEMPTS - 1; ; left -= 1) {
    try {
      return await act()
    } catch (error) {
      if (left === 0 || !isConflict(error)) throw error
    }
  }
}

export function isConflict(error: unknown): boolean {
  return isAppError(error) && error.code === 'OTN_STORE_CONFLICT'
}
