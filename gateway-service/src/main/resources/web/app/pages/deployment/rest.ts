import '../../shared';
/** What stands below the progress, and can come after it: on a slow line the progress is what is waited for. */
import './again';
import './receipt';
import './resources';
import './teardown';
