import { expect, test } from 'vitest'
import { TopicTemplate } from './topic.ts'

const read = (text: string, wildcards = true) => {
  const template = TopicTemplate.read(text, 'mill-3', wildcards)
  if (template instanceof TopicTemplate) return template
  throw new Error(template.what)
}

test.each([
  ['${site}/${device}/telemetry', 'mill-3/level-1/telemetry', 'level-1'],
  ['${site}/${device}/telemetry', 'mill-4/level-1/telemetry', null],
  ['${site}/${device}/telemetry', 'mill-3/level-1', null],
  ['${site}/${device}/telemetry', 'mill-3/level-1/telemetry/x', null],
  ['${site}/${device}/telemetry', 'mill-3//telemetry', null],
  ['a/x-${device}.y/+', 'a/x-level-1.y/b', 'level-1'],
  ['a/x-${device}.y/+', 'a/x-.y/b', null],
  ['${device}/and/${device}', 'a/and/a', 'a'],
  ['${device}/and/${device}', 'a/and/b', null],
  ['${site}/alarm', 'mill-3/alarm', ''],
  ['${site}/${device}/#', 'mill-3/level-1', 'level-1'],
  ['${site}/${device}/#', 'mill-3/level-1/a/b', 'level-1'],
])('%s on %s is about %j', (template, topic, device) => {
  expect(read(template).deviceOf(topic.split('/'))).toBe(device)
})

test('it is written as a filter', () => {
  expect(read('${site}/x-${device}/+/#').filter('pump-1')).toBe('mill-3/x-pump-1/+/#')
  expect(read('${site}/x-${device}/+/#').filter()).toBe('mill-3/+/+/#')
})

test.each([
  ['a/+', false],
  ['a/#/b', true],
  ['a/b+', true],
  ['${devices}/a', true],
  ['${device}${device}', true],
  ['a/{device}', true],
  ['a/$device', true],
  ['a/<Site>/x', true],
])('%s is refused (wildcards: %j)', (text, wildcards) => {
  expect(TopicTemplate.read(text, 'x', wildcards)).not.toBeInstanceOf(TopicTemplate)
})
