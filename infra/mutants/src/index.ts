export { scores } from './scores.ts'
export { survivors } from './survivors.ts'
export { survivorsPage } from './survivors-page.ts'
