using System.Globalization;

namespace Slipway.Pmml.Values;

/// <summary>Days and times as ISO 8601 writes them, to and from cells. Without time zones: what is given is what is meant.</summary>
internal static class Calendar
{
    /// <summary>Seconds of a day.</summary>
    public const double SecondsPerDay = 86_400;

    private static readonly DateTime Epoch = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyyMMdd", "MM/dd/yyyy"];
    private static readonly string[] TimeForms = ["HH:mm:ss.FFFFFFF", "HH:mm"];
    private static readonly string[] DateTimeForms =
        ["yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd"];

    /// <summary>Days from 1970-01-01 to the first day of a year; year 0 is the one before year 1.</summary>
    public static double DaysTo(int year) => year == 0 ? -719_528 : (new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Unspecified) - Epoch).Days;

    /// <summary>The day of a cell of type date.</summary>
    public static DateTime FromDays(double days) => Epoch.AddDays(days);

    /// <summary>The moment of a cell of type dateTime.</summary>
    public static DateTime FromSeconds(double seconds) => Epoch.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));

    /// <summary>Reads a text of a temporal type.</summary>
    public static bool TryParse(string text, PmmlType type, out double cell)
    {
        text = text.Trim();
        cell = 0;
        switch (type.Kind)
        {
            case PmmlKind.Date or PmmlKind.DaysSince:
                if (!Exact(text, DateForms, out DateTime day) && !Exact(text, DateTimeForms, out day))
                {
                    return type.Kind == PmmlKind.DaysSince && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out cell);
                }

                cell = (day.Date - Epoch).Days - (type.Kind == PmmlKind.DaysSince ? DaysTo(type.Year) : 0);
                return true;
            case PmmlKind.DateTime or PmmlKind.SecondsSince:
                if (!Exact(text, DateTimeForms, out DateTime moment))
                {
                    return type.Kind == PmmlKind.SecondsSince && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out cell);
                }

                cell = (moment - Epoch).TotalSeconds - (type.Kind == PmmlKind.SecondsSince ? DaysTo(type.Year) * SecondsPerDay : 0);
                return true;
            default:
                if (!Exact(text, TimeForms, out DateTime time))
                {
                    return type.Kind == PmmlKind.TimeSeconds && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out cell);
                }

                cell = time.TimeOfDay.TotalSeconds;
                return true;
        }
    }

    /// <summary>Writes a cell of a temporal type: ISO 8601, or a number for the types that count.</summary>
    public static string Format(double cell, PmmlType type) => type.Kind switch
    {
        PmmlKind.Date => FromDays(cell).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        PmmlKind.DateTime => FromSeconds(cell).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        PmmlKind.Time => FromSeconds(cell).ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        _ => cell.ToString("R", CultureInfo.InvariantCulture),
    };

    private static bool Exact(string text, string[] forms, out DateTime value) =>
        DateTime.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault, out value);
}
