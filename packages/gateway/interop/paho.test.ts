import { describe } from 'vitest'
import { lacks } from './peers/needs.ts'
import { paho } from './peers/paho.ts'
import { suite } from './scenarios/suite.ts'

describe.skipIf(lacks('mosquitto', 'paho'))('paho', () => suite(paho()))
