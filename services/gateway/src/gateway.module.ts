import { Module } from '@nestjs/common';
import { tables } from '@erato/contracts/catalogue';
import { Batches } from './batch/batches.js';
import { LocalCalls } from './local/local-calls.js';
import { LoginController } from './login/login.controller.js';
import { Admission } from './credential/admission.js';
import { Credentials } from './credential/credentials.js';
import { HealthController } from './health/health.controller.js';
import { Idempotency } from './idempotency/idempotency.js';
import { IntrospectionController } from './introspection/introspection.controller.js';
import { ReferenceController } from './openapi/reference.controller.js';
import { FaviconController } from './page/favicon.controller.js';
import { Origins } from './page/origin.js';
import { PageAnswers } from './page/page-answers.js';
import { ProfileController } from './page/profile.controller.js';
import { SmartLinkController } from './page/smart-link.controller.js';
import { Problems } from './problem/problems.js';
import { Rates } from './rate/rates.js';
import { controllerOf } from './route/controllers.js';
import { Ask } from './route/ask.js';
import { everyPath } from './route/every-path.js';
import { Exchange } from './route/exchange.js';
import { wrongMethodsOf } from './route/wrong-methods.js';
import { EventFeed } from './stream/event-feed.js';
import { EventLog } from './stream/event-log.js';
import { Reading } from './stream/reading.js';
import { StreamController } from './stream/stream.controller.js';
import { Streams } from './stream/streams.js';
import { Tickets } from './stream/tickets.js';
import { WorkosWebhookController } from './webhook/workos-webhook.controller.js';

/** Every route of the contracts, and the few where HTTP is the point. */
@Module({
  controllers: [
    ...tables.map(controllerOf),
    wrongMethodsOf(everyPath()),
    FaviconController,
    HealthController,
    IntrospectionController,
    LoginController,
    ProfileController,
    ReferenceController,
    SmartLinkController,
    StreamController,
    WorkosWebhookController,
  ],
  providers: [
    Admission,
    Ask,
    Batches,
    Credentials,
    Exchange,
    Idempotency,
    LocalCalls,
    Origins,
    PageAnswers,
    Problems,
    Rates,
    EventFeed,
    EventLog,
    Reading,
    Streams,
    Tickets,
  ],
})
export class GatewayModule {}
