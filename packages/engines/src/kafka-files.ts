import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Cache, cached, isCached } from './cache.ts'
import { runMaven } from './maven.ts'
import { requireSha256, sha256OfFolder } from './sha256-of.ts'

const KAFKA_VERSION = '4.1.1'
/** Kafka logs through slf4j and names no implementation in its dependencies. */
const LOG4J_VERSION = '2.24.3'
const NAME = `kafka-${KAFKA_VERSION}`
/** Over all jars; Maven's own checksums come from the place the jars come from. */
const JARS_SHA256 = '3a34e90b2c305fced2b81eb1d737a8f6b0e1fc5831f4ef1a0f8a89c07bd1badd'

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>otn</groupId>
  <artifactId>kafka-runtime</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>${LOG4J_VERSION}</version>
    </dependency>
  </dependencies>
</project>
`

/** Only what somebody has to look at; the broker says a thousand lines at each start otherwise. */
const LOG4J = `<Configuration status="error">
  <Appenders>
    <Console name="out"><PatternLayout pattern="%d %p %c{1} %m%n"/></Console>
  </Appenders>
  <Loggers>
    <Root level="warn"><AppenderRef ref="out"/></Root>
  </Loggers>
</Configuration>
`

export function areKafkaFilesCached(cacheDir: string): boolean {
  return isCached(cacheDir, NAME)
}

/** Folder with `lib/*.jar` and `log4j2.xml`; fetched by Maven once. */
export function kafkaFiles(cache: Cache): Promise<string> {
  return cached({ ...cache, name: NAME, tool: 'maven', fill })
}

async function fill(folder: string): Promise<void> {
  const pom = join(folder, 'pom.xml')
  const lib = join(folder, 'lib')
  await mkdir(lib)
  await writeFile(pom, POM)
  await writeFile(join(folder, 'log4j2.xml'), LOG4J)
  await runMaven({
    purpose: `Fetching Kafka ${KAFKA_VERSION}`,
    goal: 'copy-dependencies',
    pom,
    settings: { includeScope: 'runtime', outputDirectory: lib },
  })
  requireSha256(`Kafka ${KAFKA_VERSION}`, await sha256OfFolder(lib), JARS_SHA256)
}
