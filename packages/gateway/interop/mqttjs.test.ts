import { describe } from 'vitest'
import { mqttjs } from './peers/mqttjs.ts'
import { lacks } from './peers/needs.ts'
import { suite } from './scenarios/suite.ts'

describe.skipIf(lacks('mosquitto'))('mqttjs', () => suite(mqttjs))
