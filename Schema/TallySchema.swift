/// The files of `Schema/`, embedded at build time.
public enum TallySchema {
    /// The descriptions of the kinds that ship, as JSON.
    public static var kinds: [[UInt8]] {
        [PackageResources.trade_json, PackageResources.event_json, PackageResources.setting_json]
    }

    /// The SQL of the tables beside those of the kinds.
    public static var tables: String {
        String(decoding: PackageResources.tables_sql, as: UTF8.self) + refusals
    }

    /// The SQL of the table `tally_refused`, made where it is missing: users delete from it, and may drop it.
    public static var refusals: String {
        String(decoding: PackageResources.refused_sql, as: UTF8.self)
    }

    /// The names of the code lists, sorted.
    public static let codeListNames = [
        "area", "cameo", "cameo_country", "conf_status", "currency", "event_type", "fips", "flow",
        "hs", "obs_status", "quantity_unit", "sitc", "valuation",
    ]

    /// A code list as JSON.
    ///
    /// - Returns: nil when there is no list of that name.
    public static func codeList(_ name: String) -> [UInt8]? {
        switch name {
        case "area": return PackageResources.area_json
        case "cameo": return PackageResources.cameo_json
        case "cameo_country": return PackageResources.cameo_country_json
        case "conf_status": return PackageResources.conf_status_json
        case "currency": return PackageResources.currency_json
        case "event_type": return PackageResources.event_type_json
        case "fips": return PackageResources.fips_json
        case "flow": return PackageResources.flow_json
        case "hs": return PackageResources.hs_json
        case "obs_status": return PackageResources.obs_status_json
        case "quantity_unit": return PackageResources.quantity_unit_json
        case "sitc": return PackageResources.sitc_json
        case "valuation": return PackageResources.valuation_json
        default: return nil
        }
    }
}
