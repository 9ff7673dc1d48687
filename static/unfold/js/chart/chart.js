// In place of django-unfold's Chart.js, which each of its pages loads: the console draws no chart.
