/** Loaded before a service: answers how much CPU time its process has taken, and nothing else. */
import { answerQuestions } from '../measure/worker.ts'

answerQuestions(async () => null)
