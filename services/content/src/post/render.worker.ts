import { parentPort } from 'node:worker_threads';
import { renderMarkdown } from './markdown.js';

parentPort?.on('message', (body: string) => parentPort?.postMessage(renderMarkdown(body)));
parentPort?.postMessage('ready');
