import { expect, test } from 'vitest'
import { dockerEndpoints } from './docker.ts'

test('an address of Docker that is given is the only one looked at', () => {
  expect(dockerEndpoints({ DOCKER_HOST: 'unix:///run/other.sock' })).toEqual(['/run/other.sock'])
  expect(dockerEndpoints({ DOCKER_HOST: 'tcp://box:2375' })).toEqual(['http://box:2375'])
})

test('without one, the sockets of the usual installations are looked at', () => {
  const endpoints = dockerEndpoints({ XDG_RUNTIME_DIR: '/run/user/1000' })
  expect(endpoints).toContain('/var/run/docker.sock')
  expect(endpoints).toContain('/run/user/1000/docker.sock')
})
