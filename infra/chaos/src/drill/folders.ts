import { fileURLToPath } from 'node:url'

/** Of the repository; results go to `.otn` under it. */
export const ROOT_FOLDER = fileURLToPath(new URL('../../../..', import.meta.url))
