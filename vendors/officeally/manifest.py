"""What Office Ally is, as data. Every capability is spoken of; what it lacks is said in words."""

from app.model.capabilities import Capability, CapabilityOffer, Standing
from vendors.contract.manifest import AddressField, FormField, Furthermore, Limits, Manifest, SideOfSystem

_OFFERED = {
    Capability.CHECK_ELIGIBILITY: "Asks the payer in real time (270/271). Needs the real-time user and Sender ID.",
    Capability.SUBMIT_CLAIMS: "Sends professional and institutional claims over SFTP; as a test (OATEST) unless this "
    "is a production connection.",
    Capability.READ_REPORTS: "Reads 999, 277CA, File Summary and EDI status over SFTP. 999 and 277CA come only after "
    "the practice has asked Office Ally for them.",
    Capability.READ_PROVIDERS: "Everybody with a schedule in Practice Mate, by name.",
    Capability.SEARCH_PATIENTS: "Practice Mate's patients, by name, birth date or patient id.",
    Capability.CREATE_PATIENT: "Adds a patient in Practice Mate through its web pages, and reads the chart back.",
    Capability.UPDATE_PATIENT: "Changes a patient in Practice Mate through its web pages, and reads the chart back.",
    Capability.READ_COVERAGE: "The policies on the patient's chart, primary to tertiary.",
    Capability.READ_ENROLLMENTS: "The enrollment page, by payer, transaction and NPI.",
    Capability.READ_REMITTANCES: "Reads 835 remittances over SFTP, where the payer's ERA enrollment is approved.",
}

_PARTLY = {
    Capability.READ_CLAIM_STATUS: "Asks the payer in real time (276/277), for the claim as a whole, not by line.",
    Capability.READ_SCHEDULE: "Practice Mate's appointments through its web pages, one page a day.",
    Capability.CHANGE_VISIT_STATUS: "Checks in a visit of today through the web pages. No other step.",
    Capability.POST_PAYMENTS: "Auto-posts the remittance of a check. Checks with negative payments are posted by hand.",
}

_NOT_OFFERED = {
    Capability.READ_VISIT_TYPES: "Practice Mate has no list of visit types, only a reason in words.",
    Capability.FIND_OPEN_SLOTS: "Practice Mate does not say which times are free.",
    Capability.BOOK_VISIT: "Office Ally offers no way to book from outside. Book in Practice Mate.",
    Capability.MOVE_VISIT: "Office Ally offers no way to move a visit from outside. Move it in Practice Mate.",
    Capability.CANCEL_VISIT: "Office Ally offers no way to cancel from outside. Cancel in Practice Mate.",
    Capability.CHANGE_NOTICES: "Office Ally sends no notices, so Daybook looks for new reports at intervals.",
}


def _offers() -> tuple[CapabilityOffer, ...]:
    rows = ((Standing.YES, _OFFERED), (Standing.PARTLY, _PARTLY), (Standing.NOT_OFFERED, _NOT_OFFERED))
    spoken = {
        capability: CapabilityOffer(capability=capability, standing=standing, words=words)
        for standing, table in rows
        for capability, words in table.items()
    }
    return tuple(spoken[capability] for capability in Capability)


def _field(side: str, name: str, label: str, help_words: str = "", *, secret: bool = False) -> FormField:
    return FormField(name=name, label=label, secret=secret, help=help_words, required=False, side=side)


MANIFEST = Manifest(
    name="officeally",
    title="Office Ally",
    source="OA",
    addresses=(
        AddressField(
            name="sftp",
            label="File server",
            default="sftp://ftp10.officeally.com",
            scheme="sftp",
            help="Change it only where Office Ally's support has assigned another one.",
            side="files",
        ),
        AddressField(
            name="realtime",
            label="Real-time service",
            default="https://wsd.officeally.com",
            help="Leave it as it is. Where your agreement names an address that ends in /MIME, write that one.",
            side="realtime",
        ),
        AddressField(name="portal", label="Service Center", default="https://www.officeally.com", side="web"),
        AddressField(
            name="pm",
            label="Practice Mate",
            required=False,
            default="https://pm.officeally.com",
            help="Empty it where the practice does not use Practice Mate.",
            side="web",
        ),
        AddressField(
            name="sign_in",
            label="Sign-in page, if elsewhere",
            required=False,
            help="Leave it empty while signing in stays within officeally.com. When Daybook says that it was sent to"
            " another address, ask Office Ally whether that is theirs before you write it here.",
            side="web",
        ),
    ),
    tenant_label="Account",
    tenant_help="The account's user name at Office Ally.",
    sign_in=(
        _field("files", "sftp_user", "User for files", "Support sends it; it is not the user of the web pages."),
        _field("files", "sftp_password", "Password for files", secret=True),
        _field(
            "files",
            "sftp_fingerprint",
            "Fingerprint of the file server",
            "Leave it empty: Daybook remembers the first one it sees, and stops where it changes. Enter one (SHA256:…)"
            " only when Office Ally has told you of a new key.",
        ),
        _field(
            "files",
            "submitter_id",
            "Your ids in claims",
            "The submitter id or tax id your claims are sent under (ISA06). Part several with a comma.",
        ),
        _field("realtime", "realtime_user", "Real-time user", "It comes with the real-time agreement."),
        _field("realtime", "realtime_password", "Real-time password", secret=True),
        _field("realtime", "sender_id", "Sender ID", "It comes with the real-time agreement, too."),
        _field("web", "portal_user", "User of the web pages", "As you type it at www.officeally.com."),
        _field("web", "portal_password", "Password of the web pages", secret=True),
        _field(
            "web",
            "portal_totp",
            "Authenticator key",
            "Only where sign-in wants a code from an authenticator app: the key shown when the app was set up. Without"
            " it, Daybook asks you for each code.",
            secret=True,
        ),
    ),
    offers=_offers(),
    limits=Limits(
        requests=1_200,
        window_s=60.0,
        words="1,200 a minute (our own restraint; Office Ally names no limit)",
        parallel=2,
        poll_floor_s=300.0,
        page_size=50,
        window_days=31,
        days_back=1,  # One web page a day: what nobody looks at is not paged through.
        days_ahead=7,
        whole_days=True,
        thin_lists=True,
    ),
    portal=True,
    sides=(
        SideOfSystem(
            name="files",
            title="SFTP",
            help="Claims go out and reports and remittances come in as files. Leave this part empty where the practice"
            " sends no claims from here.",
            capabilities=(Capability.SUBMIT_CLAIMS, Capability.READ_REPORTS, Capability.READ_REMITTANCES),
        ),
        SideOfSystem(
            name="realtime",
            title="Real time",
            help="Asks payers about eligibility and claim status. It needs an agreement of its own with Office Ally.",
            capabilities=(Capability.CHECK_ELIGIBILITY, Capability.READ_CLAIM_STATUS),
        ),
        SideOfSystem(
            name="web",
            title="Web pages",
            help="Enrollments, the payer list, and Practice Mate's patients and appointments.",
            pages=True,
            capabilities=(
                Capability.READ_PROVIDERS,
                Capability.READ_SCHEDULE,
                Capability.CHANGE_VISIT_STATUS,
                Capability.SEARCH_PATIENTS,
                Capability.CREATE_PATIENT,
                Capability.UPDATE_PATIENT,
                Capability.READ_COVERAGE,
                Capability.POST_PAYMENTS,
                Capability.READ_ENROLLMENTS,
            ),
        ),
    ),
    words={"report": "File Summary", "remittance": "ERA 835", "tenant": "account"},
    further=(
        Furthermore(name="Dental claims", words="837D files are not made and not read."),
        Furthermore(name="Attachments", words="Papers that belong to a claim (275) are not sent."),
        Furthermore(name="Patient Ally", words="The patients' own portal."),
        Furthermore(name="EHR 24/7", words="Charts and prescriptions."),
    ),
)
