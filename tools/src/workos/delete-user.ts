import { removeMembership } from './membership.js';
import { route, type Route } from './router.js';
import { revokeSessions } from './session.js';
import type { Standin } from './standin.js';
import { showUser, userById } from './user.js';

/** Deletes a user after the sessions and memberships, each with its event. */
export function deleteUserRoute(standin: Standin): Route {
  const { store, events } = standin;
  return route({
    method: 'DELETE',
    path: '/user_management/users/:id',
    handle: ({ param }) => {
      const gone = userById(standin, param('id'));
      revokeSessions(standin, (session) => session.user_id === gone.id);
      for (const row of store.memberships.filter(({ user_id: user }) => user === gone.id))
        removeMembership(standin, row);
      store.users.delete(gone.id);
      events.append('user.deleted', showUser(gone));
      return { status: 200 };
    },
  });
}
