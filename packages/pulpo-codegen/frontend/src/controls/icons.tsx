import AlertOutlined from "@ant-design/icons-svg/es/asn/AlertOutlined";
import ApartmentOutlined from "@ant-design/icons-svg/es/asn/ApartmentOutlined";
import AppstoreOutlined from "@ant-design/icons-svg/es/asn/AppstoreOutlined";
import BankOutlined from "@ant-design/icons-svg/es/asn/BankOutlined";
import BarChartOutlined from "@ant-design/icons-svg/es/asn/BarChartOutlined";
import BookOutlined from "@ant-design/icons-svg/es/asn/BookOutlined";
import CalendarOutlined from "@ant-design/icons-svg/es/asn/CalendarOutlined";
import CarOutlined from "@ant-design/icons-svg/es/asn/CarOutlined";
import CheckSquareOutlined from "@ant-design/icons-svg/es/asn/CheckSquareOutlined";
import CreditCardOutlined from "@ant-design/icons-svg/es/asn/CreditCardOutlined";
import DashboardOutlined from "@ant-design/icons-svg/es/asn/DashboardOutlined";
import FileTextOutlined from "@ant-design/icons-svg/es/asn/FileTextOutlined";
import HeartOutlined from "@ant-design/icons-svg/es/asn/HeartOutlined";
import HomeOutlined from "@ant-design/icons-svg/es/asn/HomeOutlined";
import InboxOutlined from "@ant-design/icons-svg/es/asn/InboxOutlined";
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
import TruckOutlined from "@ant-design/icons-svg/es/asn/TruckOutlined";
import UserOutlined from "@ant-design/icons-svg/es/asn/UserOutlined";
import type { IconDefinition } from "@ant-design/icons-svg/es/types";
import type { ReactNode } from "react";

import { inWords } from "@/schema/labels";

import { Icon } from "./Icon";

/** The icons that `@datamodel(ui={"icon": …})` may name. */
const ICONS: Record<string, IconDefinition> = {
  alert: AlertOutlined,
  bank: BankOutlined,
  book: BookOutlined,
  box: InboxOutlined,
  calendar: CalendarOutlined,
  car: CarOutlined,
  card: CreditCardOutlined,
  cart: ShoppingCartOutlined,
  chart: BarChartOutlined,
  check: CheckSquareOutlined,
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
  truck: TruckOutlined,
  user: UserOutlined,
  users: TeamOutlined,
};

/** What models are about, as their names say it: where no icon was asked for, it need not be a table. */
const MEANT = Object.entries({
  alert: "alarm alert incident issue",
  bank: "account bank ledger",
  book: "article book course lesson recipe",
  box: "inventory item movement package stock warehouse",
  calendar: "appointment booking event meeting reservation schedule visit",
  car: "car trip vehicle",
  card: "card invoice payment transaction",
  cart: "basket cart order purchase",
  chart: "measurement metric report statistic",
  check: "checklist task todo",
  file: "contract document file note page post",
  grid: "category collection group shelf",
  heart: "animal donation pet",
  mail: "comment email letter mail message",
  project: "board campaign project",
  settings: "config configuration preference setting",
  shop: "shop store supplier vendor",
  star: "feedback rating review score",
  tag: "brand label product tag",
  team: "company department employee organization staff team vet",
  truck: "carrier delivery parcel shipment",
  user: "author client contact customer doctor member owner patient person profile student user",
});

/** The icon of a model that asks for none: the last word of its name says most of what it is. */
export function suggestedIcon(model: string): string {
  for (const word of inWords(model).toLowerCase().split(" ").reverse()) {
    const found = MEANT.find(([, words]) => words.split(" ").includes(word));
    if (found) return found[0];
  }
  return "table";
}

/** An icon by its name; what is called otherwise is shown as a table. */
export const iconNamed = (name: string): IconDefinition => ICONS[name] ?? TableOutlined;

export const iconOf = (name: string): ReactNode => <Icon of={iconNamed(name)} />;
