import { expect, test } from 'vitest'
import { filterProblem, sharedFilter, validTopicFilter, validTopicName } from './topic.ts'

test('topic names', () => {
  for (const good of ['a', '/', 'a//b', '$SYS/x', ' ', 'ü/😀']) expect(validTopicName(good)).toBe(true)
  for (const bad of ['', '#', 'a/+', 'a\0', '\ud800']) expect(validTopicName(bad)).toBe(false)
  expect(validTopicName('a'.repeat(65_535))).toBe(true)
  expect(validTopicName(`${'a'.repeat(65_534)}ü`)).toBe(false)
  expect(validTopicName('😀'.repeat(16_383))).toBe(true)
  expect(validTopicName('😀'.repeat(16_384))).toBe(false)
})

test('topic filters', () => {
  for (const good of ['#', '+', '+/#', 'a/+/b', '/', '$share/g/#', '$shared']) expect(validTopicFilter(good)).toBe(true)
  for (const bad of ['', 'a#', '#/a', 'a+/b', 'a/b+', '$share/', '$share/g', '$share//a', '$share/g+/a', '$share/g/']) {
    expect(validTopicFilter(bad)).toBe(false)
  }
})

test('3.1.1 knows no shared subscriptions', () => {
  expect(validTopicFilter('$share/g', 4)).toBe(true)
  expect(filterProblem('$share/g/a#', 5)?.clause).toBe('MQTT-4.7.1-1')
})

test('a shared subscription is split at its name', () => {
  expect(sharedFilter('$share/line-4/plant/#')).toEqual({ share: 'line-4', filter: 'plant/#' })
  expect(sharedFilter('plant/#')).toBeNull()
})
