import { describe } from 'vitest'
import { lacks } from './peers/needs.ts'
import { pubsub } from './peers/pubsub.ts'
import { suite } from './scenarios/suite.ts'

describe.skipIf(lacks('mosquitto', 'mosquitto_sub'))('pubsub', () => suite(pubsub))
