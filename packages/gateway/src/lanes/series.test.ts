import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { SharedSeries } from './series.ts'

const sample = () => ({ value: -1, time: -1, integral: -1 })

test('a series that nothing was written to has no time', () => {
  const into = sample()
  new SharedSeries(2).read(1, into)
  expect(into).toEqual({ value: 0, time: 0, integral: 0 })
})

test('the integral is the area by the trapezoidal rule, in seconds', () => {
  const series = new SharedSeries(3)
  series.write(1, 2, 10_000)
  series.write(1, 4, 12_000)
  series.write(1, 4, 12_500)
  const into = sample()
  series.read(1, into)
  expect(into).toEqual({ value: 4, time: 12_500, integral: 8 })
})

test('a clock that goes back adds no area', () => {
  const series = new SharedSeries(1)
  series.write(0, 5, 10_000)
  series.write(0, 7, 9_000)
  const into = sample()
  series.read(0, into)
  expect(into).toEqual({ value: 7, time: 9_000, integral: 0 })
})

test('a reader never sees half of what another thread writes', async () => {
  const series = new SharedSeries(1)
  const source = `const { workerData } = require('node:worker_threads')
    import(workerData.module).then(({ SharedSeries }) => {
      const series = new SharedSeries(workerData.buffer)
      for (let i = 1; i <= 200000; i++) series.write(0, i, i * 1000)
    })`
  const module = new URL('./series.ts', import.meta.url).href
  const worker = new Worker(source, { eval: true, workerData: { buffer: series.buffer, module } })
  const gone = new Promise(resolve => worker.once('exit', resolve))
  let over = false
  void gone.then(() => {
    over = true
  })
  const into = sample()
  let torn = 0
  while (!over) {
    for (let i = 0; i < 10_000; i++) {
      series.read(0, into)
      // Overtaken too often, a reader says that it knows nothing.
      if (into.time !== 0 && into.time !== into.value * 1000) torn++
    }
    await new Promise(resolve => setImmediate(resolve))
  }
  series.read(0, into)
  expect(into.value).toBe(200_000)
  expect(torn).toBe(0)
})

test('a writer that died halfway has published nothing, and the next one goes on', () => {
  const series = new SharedSeries(1)
  series.write(0, 2, 10_000)
  const words = new Float64Array(series.buffer)
  // What it had written into the place that does not count yet.
  for (let word = 1; word < 8; word++) if (words[word] === 0) words[word] = Number.NaN
  const into = sample()
  series.read(0, into)
  expect(into).toMatchObject({ value: 2, time: 10_000 })
  series.write(0, 3, 11_000)
  series.read(0, into)
  expect(into).toMatchObject({ value: 3, time: 11_000 })
})
