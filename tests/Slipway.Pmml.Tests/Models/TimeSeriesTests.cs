using System.Globalization;
using Slipway.Core;
using Slipway.Pmml.Tests.Conformance;

namespace Slipway.Pmml.Tests.Models;

/// <summary>Forecasts against those of statsmodels 0.13 (and, for the airline model, of R), whose fitted parameters the documents hold.</summary>
public sealed class TimeSeriesTests
{
    // Box and Jenkins' series G: passengers of airlines, 1949 to 1960, in thousands.
    private static readonly double[] Passengers =
    [
        112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140,
        145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194,
        196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201, 204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229,
        242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306,
        315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337,
        360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405, 417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432,
    ];

    private static readonly double[] AirlineResiduals =
    [
        0.01858932, -0.00427733, -0.01602958, -0.09402051, 0.08419536, 0.01647882, -0.01301138, 0.01660387, -0.03223611, -0.009716, 0.0295038, -0.02715685, -0.01497354,
    ];

    private static readonly double[] AirlineForecast =
        [450.42373718, 425.71981691, 479.01330914, 492.40567978, 509.05559475, 583.34727614, 670.01065001, 667.07872164, 558.19229709, 497.20869637, 429.87405686, 477.24552645];

    [Theory]
    [InlineData(1, true)]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    [InlineData(-1, false)]
    public void The_airline_model_is_forecast_whatever_sign_its_producer_gives_moving_averages(int sign, bool hasResiduals)
    {
        string Residuals(int count) => hasResiduals ? $"<Residuals>{Numbers(AirlineResiduals[^count..])}</Residuals>" : "";
        RowEvaluator model = Load(
            "ARIMA",
            Passengers,
            $"""
            <ARIMA RMSE="0.0367164" transformation="logarithmic" constantTerm="0" predictionMethod="conditionalLeastSquares">
              <NonseasonalComponent p="0" d="1" q="1"><MA><MACoefficients>{Numbers([sign * -0.4019767])}</MACoefficients>{Residuals(1)}</MA></NonseasonalComponent>
              <SeasonalComponent P="0" D="1" Q="1" period="12"><MA><MACoefficients>{Numbers([sign * -0.55703766])}</MACoefficients>{Residuals(13)}</MA></SeasonalComponent>
            </ARIMA>
            """);

        // Exact likelihood there, conditional least squares here: they agree to a few parts in ten thousand.
        for (int step = 1; step <= 12; step++)
        {
            Assert.Equal(AirlineForecast[step - 1], Forecast(model, step), AirlineForecast[step - 1] * 1e-3);
        }
    }

    [Fact]
    public void A_moving_average_of_which_nothing_tells_the_sign_is_refused()
    {
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => Load(
            "ARIMA", [1, 2, 1, 2], """<ARIMA><NonseasonalComponent p="0" d="0" q="1"><MA><MACoefficients><Array type="real">0.5</Array></MACoefficients></MA></NonseasonalComponent></ARIMA>"""));
        Assert.Equal(ErrorCode.NotSupported, refusal.Code);
        Assert.Contains("whose sign", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20.0)]
    [InlineData(10.0)]
    public void A_constant_is_the_mean_or_the_intercept_as_the_series_says(double constant)
    {
        // y(t) = 10 + 0.5 y(t-1) + e(t), of mean 20.
        Random random = new(1);
        double[] series = new double[80];
        double before = 20;
        double squares = 0;
        for (int i = 0; i < series.Length; i++)
        {
            double shock = random.NextDouble() - 0.5;
            squares += shock * shock;
            series[i] = before = 10 + (0.5 * before) + shock;
        }

        RowEvaluator model = Load("ARIMA", series, string.Create(CultureInfo.InvariantCulture, $"""
            <ARIMA RMSE="{Math.Sqrt(squares / series.Length)}" constantTerm="{constant}"><NonseasonalComponent p="1" d="0" q="0"><AR><Array type="real">0.5</Array></AR></NonseasonalComponent></ARIMA>
            """));
        Assert.Equal(10 + (0.5 * series[^1]), Forecast(model, 1), 1e-12);
        Assert.Equal(20, Forecast(model, 200), 1e-9);
    }

    [Theory]
    [InlineData("additive", 245.49915801417222, 1.6443127499498933,
        "-16.49013112065134 -15.634625016099822 8.888086217507198 -0.25645330292765656 -2.900712474010995 15.954925563557607 35.31084838471774 35.50003275206921 10.355801154199021 -14.288397345641462 -36.93245233671747 -17.07737737808646",
        "230.6533396434708 233.15315849797219 259.3201824815291 251.81995571104412 250.8200092899107 271.3199600774292 292.32019564853925 294.15369276584056 270.65377391792026 247.65388816802968 226.6541459269036 248.1535336350391 250.38509264286947 252.8849114973709")]
    [InlineData("multiplicative", 255.14796871258437, 1.821870821527827,
        "0.9031723186026819 0.9002021194562294 1.0430405256424018 0.9934435066482217 0.9823730258198535 1.0819410060687378 1.186384786111775 1.1843205345710908 1.0433621735457894 0.9153145485243559 0.7977816183442766 0.8982317348923866",
        "232.08804578298324 232.96484615984977 271.8305267005819 260.7147957023953 259.59926581395683 287.8819904627149 317.83374706238425 319.4384109025863 283.31957911417544 250.21649647383003 219.54036497331998 248.81954885622804 251.83360531186955 252.64546985882754")]
    public void Seasons_go_on_where_the_series_ends_however_their_list_begins(string kind, double level, double slope, string seasons, string expected)
    {
        string[] factors = seasons.Split(' ');
        double[] forecast = [.. expected.Split(' ').Select(static number => double.Parse(number, CultureInfo.InvariantCulture))];
        for (int shift = 0; shift < 12; shift += 5)
        {
            RowEvaluator model = Load("ExponentialSmoothing", Passengers[..72], string.Create(CultureInfo.InvariantCulture, $"""
                <ExponentialSmoothing><Level smoothedValue="{level}"/><Trend_ExpoSmooth trend="additive" smoothedValue="{slope}"/>
                <Seasonality_ExpoSmooth type="{kind}" period="12"><Array n="12" type="real">{string.Join(' ', factors[shift..].Concat(factors[..shift]))}</Array></Seasonality_ExpoSmooth></ExponentialSmoothing>
                """));
            Assert.All(forecast.Index(), step => Assert.Equal(step.Item, Forecast(model, step.Index + 1), 1e-9));
        }
    }

    [Fact]
    public void Seasons_without_a_series_are_refused()
    {
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => Load("ExponentialSmoothing", [1], """
            <ExponentialSmoothing><Level smoothedValue="1"/><Seasonality_ExpoSmooth type="additive" period="2"><Array type="real">1 -1</Array></Seasonality_ExpoSmooth></ExponentialSmoothing>
            """));
        Assert.Contains("two periods of the series", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 0.15908160799747717", "0.15908160799747717 0.025306958003062992")] // predicted, as the element's name has it
    [InlineData("0 0", "0 6.3e-12")] // filtered, as R writes it
    public void A_state_space_model_gives_forecasts_and_their_intervals(string first, string second)
    {
        double[] means = [-8.930233263084457, -8.778125840307842, -8.62860924213593, -8.481639339413091, -8.337172754629472];
        double[] lower = [-10.984976455197229, -11.897193072986921, -12.50793935350044, -12.974980703340503, -13.352887421660348];
        double[] upper = [-6.875490070971685, -5.659058607628763, -4.74927913077142, -3.988297975485679, -3.3214580875985966];
        RowEvaluator model = Load(
            "StateSpaceModel",
            [1, 2],
            $"""
            <StateSpaceModel variance="1.09905371">
              <StateVector><Array type="real">-8.930233263084457 0</Array></StateVector>
              <TransitionMatrix><Matrix nbRows="2" nbCols="2"><Array type="real">0.9829671388982197 1</Array><Array type="real">0 0</Array></Matrix></TransitionMatrix>
              <MeasurementMatrix><Matrix nbRows="1" nbCols="2"><Array type="real">1 0</Array></Matrix></MeasurementMatrix>
              <InterceptVector type="observation"><Array type="real" n="1">0</Array></InterceptVector>
              <PredictedStateCovarianceMatrix><Matrix nbRows="2" nbCols="2"><Array type="real">{first}</Array><Array type="real">{second}</Array></Matrix></PredictedStateCovarianceMatrix>
              <SelectedStateCovarianceMatrix><Matrix nbRows="2" nbCols="2"><Array type="real">1 0.15908160799747717</Array><Array type="real">0.15908160799747717 0.025306958003062992</Array></Matrix></SelectedStateCovarianceMatrix>
              <ObservationVarianceMatrix><Matrix nbRows="1" nbCols="1"><Array type="real">0</Array></Matrix></ObservationVarianceMatrix>
            </StateSpaceModel>
            """,
            """
            <Output><OutputField name="low" feature="confidenceIntervalLower" value="95" dataType="double" optype="continuous"/><OutputField name="high" feature="confidenceIntervalUpper" value="95" dataType="double" optype="continuous"/></Output>
            """);
        for (int step = 1; step <= 5; step++)
        {
            Assert.Equal(means[step - 1], Forecast(model, step), 1e-12);
            Assert.Equal(lower[step - 1], double.Parse(model.Output("low")!, CultureInfo.InvariantCulture), 1e-6);
            Assert.Equal(upper[step - 1], double.Parse(model.Output("high")!, CultureInfo.InvariantCulture), 1e-6);
        }
    }

    private static double Forecast(RowEvaluator model, int step)
    {
        model.Evaluate(_ => step.ToString(CultureInfo.InvariantCulture));
        Assert.Null(model.Failure);
        return double.Parse(model.Special("$target", null)!, CultureInfo.InvariantCulture);
    }

    private static string Numbers(double[] numbers) => $"<Array type=\"real\">{string.Join(' ', numbers.Select(static number => number.ToString("R", CultureInfo.InvariantCulture)))}</Array>";

    private static RowEvaluator Load(string kind, double[] series, string algorithm, string output = "") => RowEvaluator.Parse(PmmlTexts.Document(
        """<DataField name="y" optype="continuous" dataType="double"/><DataField name="h" optype="continuous" dataType="integer"/>""",
        $"""
        <TimeSeriesModel functionName="timeSeries" bestFit="{kind}"><MiningSchema><MiningField name="y" usageType="predicted"/><MiningField name="h" usageType="supplementary"/></MiningSchema>{output}
        <TimeSeries usage="original">{string.Concat(series.Select((value, index) => string.Create(CultureInfo.InvariantCulture, $"<TimeValue index=\"{index + 1}\" value=\"{value}\"/>")))}</TimeSeries>{algorithm}</TimeSeriesModel>
        """));
}
