/** Rounds of reading and writing again; each lost one means that another writer got on. */
export const ROUNDS_MAX = 50
