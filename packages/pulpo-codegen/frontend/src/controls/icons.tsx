import ApartmentOutlined from "@ant-design/icons-svg/es/asn/ApartmentOutlined";
import AppstoreOutlined from "@ant-design/icons-svg/es/asn/AppstoreOutlined";
import BankOutlined from "@ant-design/icons-svg/es/asn/BankOutlined";
import BarChartOutlined from "@ant-design/icons-svg/es/asn/BarChartOutlined";
import BookOutlined from "@ant-design/icons-svg/es/asn/BookOutlined";
import CalendarOutlined from "@ant-design/icons-svg/es/asn/CalendarOutlined";
import CarOutlined from "@ant-design/icons-svg/es/asn/CarOutlined";
import CreditCardOutlined from "@ant-design/icons-svg/es/asn/CreditCardOutlined";
import DashboardOutlined from "@ant-design/icons-svg/es/asn/DashboardOutlined";
import FileTextOutlined from "@ant-design/icons-svg/es/asn/FileTextOutlined";
import HeartOutlined from "@ant-design/icons-svg/es/asn/HeartOutlined";
import HomeOutlined from "@ant-design/icons-svg/es/asn/HomeOutlined";
import MailOutlined from "@ant-design/icons-svg/es/asn/MailOutlined";
import ProjectOutlined from "@ant-design/icons-svg/es/asn/ProjectOutlined";
import SettingOutlined from "@ant-design/icons-svg/es/asn/SettingOutlined";
import ShopOutlined from "@ant-design/icons-svg/es/asn/ShopOutlined";
import ShoppingCartOutlined from "@ant-design/icons-svg/es/asn/ShoppingCartOutlined";
import StarOutlined from "@ant-design/icons-svg/es/asn/StarOutlined";
import TableOutlined from "@ant-design/icons-svg/es/asn/TableOutlined";
import TagOutlined from "@ant-design/icons-svg/es/asn/TagOutlined";
import TeamOutlined from "@ant-design/icons-svg/es/asn/TeamOutlined";
import ThunderboltOutlined from "@ant-design/icons-svg/es/asn/ThunderboltOutlined";
import UserOutlined from "@ant-design/icons-svg/es/asn/UserOutlined";
import type { IconDefinition } from "@ant-design/icons-svg/es/types";
import type { ReactNode } from "react";

import { Icon } from "./Icon";

/** The icons that `@datamodel(ui={"icon": …})` may name; others are shown as a table. */
const ICONS: Record<string, IconDefinition> = {
  bank: BankOutlined,
  book: BookOutlined,
  calendar: CalendarOutlined,
  car: CarOutlined,
  card: CreditCardOutlined,
  cart: ShoppingCartOutlined,
  chart: BarChartOutlined,
  dashboard: DashboardOutlined,
  file: FileTextOutlined,
  flow: ApartmentOutlined,
  grid: AppstoreOutlined,
  health: DashboardOutlined,
  heart: HeartOutlined,
  home: HomeOutlined,
  mail: MailOutlined,
  operation: ThunderboltOutlined,
  page: FileTextOutlined,
  project: ProjectOutlined,
  settings: SettingOutlined,
  shop: ShopOutlined,
  star: StarOutlined,
  table: TableOutlined,
  tag: TagOutlined,
  team: TeamOutlined,
  user: UserOutlined,
  users: TeamOutlined,
};

/** An icon by its name. */
export const iconNamed = (name: string): IconDefinition => ICONS[name] ?? TableOutlined;

export const iconOf = (name: string): ReactNode => <Icon of={iconNamed(name)} />;
