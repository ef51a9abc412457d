/** The first page of the reference. */
export const introduction = `
The backend on which artists and labels make, publish, share and get paid for music.

**Credentials.** \`Authorization: Bearer <credential>\`: an API key or a WorkOS AuthKit access token. Without one you are the
guest and see what is public.

**Answers.** One object is \`{ "data": … }\` with an \`ETag\`, a list \`{ "data": [ … ], "meta": { "limit", "after", "before" } }\`.
Give \`after\` or \`before\` back as they came to turn the page. What went wrong is a problem document (RFC 9457) with a stable
\`code\`: [all of them](/docs/problems).

**Repeating.** A POST with an \`Idempotency-Key\` can be sent again without harm: the first answer comes back for 24 hours.

**Changing.** PATCH is a JSON merge patch. Send the \`ETag\` you read as \`If-Match\`, and a change made meanwhile by somebody else
answers 412 instead of being lost.

**Limits.** Bodies up to 1 MiB and 20 levels; rates are told by \`RateLimit-Policy\` and \`RateLimit\`; a request has 5 seconds.
`.trim();
