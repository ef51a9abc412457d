/**
 * What the launcher's tests start in place of a service: it answers readiness, shows its environment to the tests,
 * and does on request what services should not do.
 */
import { createServer } from 'node:http';

const answer = (request, response) => {
  const { pathname } = new URL(request.url, 'http://fixture');
  if (pathname === '/health/ready') return response.end('{}');
  if (pathname === '/env')
    return response.end(JSON.stringify({ env: process.env, argv: process.argv, pid: process.pid }));
  if (pathname === '/warn') {
    console.log(JSON.stringify({ level: 'warn', msg: 'a warning', err: { message: 'its cause' } }));
    console.log(JSON.stringify({ level: 'info', msg: 'routine' }));
    return response.end();
  }
  if (pathname === '/crash') {
    console.error('the fixture was told to crash');
    process.exit(3);
  }
  response.writeHead(404).end();
};

createServer(answer).listen(Number(process.env.ERATO_HEALTH_PORT), '127.0.0.1');
if (process.env.PORT) createServer(answer).listen(Number(process.env.PORT), process.env.HOST);
