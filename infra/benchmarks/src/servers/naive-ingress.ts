/**
 * An ingress as one writes it first: verify, parse, one `producer.send` for each request, and 200
 * once it is acknowledged. It seals nothing, and what it writes is the item as it came.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import Fastify from 'fastify'
import { Partitioners } from 'kafkajs'
import { listenForPosts } from '../baselines/listen-for-posts.ts'
import { makeTopic, rawKafka } from '../baselines/raw-kafka.ts'
import { answerQuestions } from '../measure/worker.ts'

export interface NaiveIngressQuestion {
  readonly kind: 'open'
  readonly brokers: readonly string[]
  readonly topic: string
  readonly appSecret: string
}

interface Webhook {
  readonly entry: readonly { readonly messaging: readonly Item[] }[]
}

interface Item {
  readonly sender: { readonly id: string }
}

async function open({ brokers, topic, appSecret }: NaiveIngressQuestion): Promise<string> {
  await makeTopic({ brokers, topic })
  const producer = rawKafka({ brokers }).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  const server = Fastify({ bodyLimit: 4 * 1024 * 1024 })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  server.post('/webhook', async (request, reply) => {
    const body = request.body as Buffer
    const claimed = Buffer.from(String(request.headers['x-hub-signature-256']).slice(7), 'hex')
    const mac = createHmac('sha256', appSecret).update(body).digest()
    if (claimed.length !== mac.length || !timingSafeEqual(mac, claimed)) {
      return reply.code(401).send('bad signature')
    }
    const { entry }: Webhook = JSON.parse(body.toString())
    const items = entry.flatMap(({ messaging }) => messaging)
    const messages = items.map((item) => ({ key: item.sender.id, value: JSON.stringify(item) }))
    await producer.send({ topic, acks: -1, messages })
    return 'received'
  })
  return await listenForPosts(server)
}

answerQuestions((question) => open(question as NaiveIngressQuestion))
