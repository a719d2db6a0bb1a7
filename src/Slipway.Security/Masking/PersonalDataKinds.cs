namespace Slipway.Security.Masking;

/// <summary>Kinds of personal data that are found in text.</summary>
[Flags]
public enum PersonalDataKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>E-mail addresses.</summary>
    Email = 1,

    /// <summary>Telephone numbers: international ones with <c>+</c>, and groups of digits as they are written in North America.</summary>
    Phone = 2,

    /// <summary>Payment cards: 13 to 19 digits that pass Luhn's check.</summary>
    Card = 4,

    /// <summary>National identity numbers with their check digits: see <see cref="NationalIds"/>.</summary>
    NationalId = 8,
}
