import type { Secret } from '@otn/kernel'

/** How MongoDB is spoken to, beside its address. */
export interface MongodbAccess {
  readonly mongodbTlsCaFile: string | null
  readonly mongodbUsername: string | null
  readonly mongodbPassword: Secret
}

/** In the words of MongoDB's driver, which win over those of the address. */
export interface MongodbOptions {
  readonly tls?: true
  readonly tlsCAFile?: string
  readonly auth?: { readonly username: string; readonly password: string }
}

/** The options of the driver that the settings ask for; empty where they ask for nothing. */
export function mongodbOptions(access: MongodbAccess): MongodbOptions {
  const { mongodbTlsCaFile, mongodbUsername: username, mongodbPassword } = access
  return {
    ...(mongodbTlsCaFile === null ? {} : { tls: true, tlsCAFile: mongodbTlsCaFile }),
    ...(username === null ? {} : { auth: { username, password: mongodbPassword.reveal() } }),
  }
}
