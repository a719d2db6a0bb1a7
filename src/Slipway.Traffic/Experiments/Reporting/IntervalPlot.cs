using System.Globalization;
using System.Text;

namespace Slipway.Traffic.Experiments.Reporting;

/// <summary>How estimate and interval of one arm went, as inline SVG without scripts or fonts. Pure.</summary>
internal static class IntervalPlot
{
    private const double Width = 640;
    private const double Height = 260;
    private const double Left = 70;
    private const double Right = 16;
    private const double Top = 14;
    private const double Bottom = 40;
    private const int Ticks = 5;
    private const int Steps = 2;

    /// <summary>Draws the points of one arm; empty when there are less than two with an interval.</summary>
    /// <param name="points">Points of one arm, in order.</param>
    /// <param name="effect">The smallest effect worth having, signed.</param>
    public static string Draw(IReadOnlyList<ExperimentPoint> points, double effect)
    {
        ExperimentPoint[] shown = [.. points.Where(static one => one.Low is not null && one.High is not null)];
        if (shown.Length < 2 || !(shown[^1].Units > shown[0].Units))
        {
            return "";
        }

        (double first, double last) = (shown[0].Units, shown[^1].Units);

        // The widest intervals of the beginning would make a line of the rest.
        double reach = shown.Skip(shown.Length / 5).Max(one => Math.Max(Math.Abs(one.Low!.Value), Math.Abs(one.High!.Value)));
        double step = RoundUp(Math.Max(reach, Math.Abs(effect)) / Steps);
        reach = Steps * step;
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"difference to the control by number of units\">");
        for (int i = -Steps; i <= Steps; i++)
        {
            double value = i * step;
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(value):0.#}\" y2=\"{Y(value):0.#}\"/><text x=\"{Left - 8}\" y=\"{Y(value) + 4:0.#}\" text-anchor=\"end\">{ReportText.Number(value)}</text>");
        }

        for (int i = 0; i <= Ticks; i++)
        {
            double units = first + ((last - first) * i / Ticks);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(units):0.#}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{ReportText.Count((long)units)}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 4}\" text-anchor=\"middle\">units</text>");
        svg.Append("<path class=\"band\" d=\"M").AppendJoin(" L", shown.Select(one => Point(one.Units, one.High!.Value))).Append(" L")
            .AppendJoin(" L", shown.Reverse().Select(one => Point(one.Units, one.Low!.Value))).Append(" Z\"/>");
        svg.Append("<path class=\"estimate\" d=\"M").AppendJoin(" L", shown.Select(one => Point(one.Units, one.Difference))).Append("\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<line class=\"zero\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(0):0.#}\" y2=\"{Y(0):0.#}\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<line class=\"effect\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(effect):0.#}\" y2=\"{Y(effect):0.#}\"/>");
        return svg.Append("</svg>").ToString();

        double X(double units) => Left + ((units - first) / (last - first) * (Width - Left - Right));

        double Y(double value) => Top + ((1 - ((Math.Clamp(value, -reach, reach) + reach) / (2 * reach))) * (Height - Top - Bottom));

        string Point(double units, double value) => string.Create(CultureInfo.InvariantCulture, $"{X(units):0.#},{Y(value):0.#}");
    }

    /// <summary>The next of 1, 2, 2.5 and 5 times a power of ten.</summary>
    private static double RoundUp(double value)
    {
        if (!(value > 0))
        {
            return 1;
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        foreach (double step in (double[])[1, 2, 2.5, 5])
        {
            if (value <= step * power)
            {
                return step * power;
            }
        }

        return 10 * power;
    }
}
