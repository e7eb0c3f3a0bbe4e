import { ConfigProvider, message, Modal, notification } from "antd";

import { Themed } from "./Themed";

// What is said stays, whatever page or menu said it: it stands beside the pages.
ConfigProvider.config({ holderRender: (children) => <Themed>{children}</Themed> });

const { confirm } = Modal;

/** Short messages, longer ones, and questions. Pages that draw without antd load it to say something. */
export { confirm, message, notification };
