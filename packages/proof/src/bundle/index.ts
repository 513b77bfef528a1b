export * from './bundle.ts'
