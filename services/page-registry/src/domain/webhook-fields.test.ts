import { expect, test } from 'vitest'
import { fieldsOf, missingFields } from './webhook-fields.ts'

test('[S1-22] the name of the guide and that of the platform are one field', () => {
  expect(fieldsOf(['message_optins', 'messages', 'messaging_optins'])).toEqual([
    ...['messaging_optins', 'messages'],
  ])
  expect(missingFields(['messaging_optins'], ['message_optins'])).toEqual([])
  expect(missingFields(['messaging_optins', 'messages'], ['messages'])).toEqual([
    'messaging_optins',
  ])
})
